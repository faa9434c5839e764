/**
 * Members that are there only when there is something to tell.
 */

/** Members of which some may be undefined, and which their owner has only when they are not. */
type Optional<T> = { [K in keyof T]?: T[K] | undefined };

/** Gives an object those of its optional members that are not undefined. */
export function withPresent<T extends object>(found: T, members: Optional<T>): T {
	for (const key in members) {
		const value = members[key];
		if (value !== undefined) found[key] = value;
	}
	return found;
}
