/**
 * What is wrong with the text of a filter.
 */
/** A filter that cannot be compiled. */
export class FilterError extends SyntaxError {
	/** Always "ERR_FILTER". */
	readonly code: string = "ERR_FILTER";
	/** Where in the text, from 1 on. */
	readonly column: number;

	/** Made by compileFilter(). */
	constructor(problem: string, column: number) {
		super(`${problem}, at column ${column} of the filter`);
		this.column = column;
	}

	static {
		FilterError.prototype.name = "FilterError";
	}
}
