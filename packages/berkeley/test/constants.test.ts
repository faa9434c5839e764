/** Every constant and errno, against the C headers of both platforms and against Python. */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { describe, test } from "node:test";
import * as index from "../src/sys/linux/constants/index.js";
import * as errnos from "../src/sys/linux/errnos.js";
import { checkFacts, compilers, type Fact, hasHeader, skipWithout } from "./support/cc.js";

const folder = new URL("../src/sys/linux/constants/", import.meta.url);
const topics = readdirSync(folder)
	.filter((name) => name.endsWith(".js") && name !== "index.js")
	.map((name) => name.slice(0, -3));

/** The constants of each file, by topic. */
const constantsOf = new Map<string, Record<string, number | string>>();
for (const topic of topics) constantsOf.set(topic, await import(new URL(`${topic}.js`, folder).href));

// The header sets exclude each other: the C library and the kernel declare the same structs.
const libraryHeaders = [
	"errno.h fcntl.h netdb.h poll.h",
	"net/ethernet.h net/if.h net/if_arp.h netinet/in.h netinet/ip.h netinet/tcp.h netinet/udp.h",
	"netatalk/at.h netax25/ax25.h netipx/ipx.h netrom/netrom.h netrose/rose.h",
	"sys/epoll.h sys/eventfd.h sys/ioctl.h sys/mman.h sys/prctl.h sys/socket.h sys/un.h",
	"linux/mptcp.h",
].flatMap((line) => line.split(" "));
const kernelHeaders = [
	"asm/ioctls.h linux/can.h linux/can/bcm.h linux/can/isotp.h linux/can/j1939.h linux/can/raw.h",
	"linux/errqueue.h linux/ethtool.h linux/eventpoll.h linux/filter.h linux/icmp.h linux/icmpv6.h linux/if.h linux/if_alg.h",
	"linux/if_arp.h linux/if_ether.h linux/if_packet.h linux/if_tun.h linux/if_xdp.h linux/in.h linux/in6.h",
	"linux/net_tstamp.h linux/netfilter_ipv4.h linux/netlink.h linux/qrtr.h linux/rds.h linux/rtnetlink.h",
	"linux/sctp.h linux/socket.h linux/sockios.h linux/tcp.h linux/tipc.h linux/tls.h linux/udp.h linux/un.h",
	"linux/netfilter_ipv6/ip6_tables.h linux/vm_sockets.h",
].flatMap((line) => line.split(" "));
const bluetoothHeaders = [
	"sys/socket.h bluetooth/bluetooth.h bluetooth/hci.h bluetooth/l2cap.h bluetooth/rfcomm.h bluetooth/sco.h",
].flatMap((line) => line.split(" "));

/** What the headers of Linux 6.1 may not declare; whatever of it newer headers do declare is checked. */
const undeclared = new Set(
	[
		// The kernel's own headers or Python alone have them.
		"ALG_OP_SIGN ALG_OP_VERIFY ALG_SET_PUBKEY MSG_SOCK_DEVMEM SCM_PIDFD SCM_SECURITY SOL_SCTP SOL_UDPLITE",
		"TCP_BOUND_INACTIVE TCP_NEW_SYN_RECV UDPLITE_RECV_CSCOV UDPLITE_SEND_CSCOV",
		// BlueZ's headers do not have it yet.
		"BT_VOICE_TRANSPARENT_16BIT",
		// They came later.
		"ALG_SET_KEY_BY_KEY_SERIAL CAN_RAW_XL_VCID_OPTS",
		"ETH_P_8021AC ETH_P_GRE_OSI ETH_P_MXLGSW ETH_P_NXP_NETC ETH_P_YT921X",
		"IPPROTO_AGGFRAG IPPROTO_SMC IP_LOCAL_PORT_RANGE IP_PROTOCOL MPTCP_FULL_INFO SOL_VSOCK VSOCK_RECVERR",
		"PACKET_FANOUT_FLAG_IGNORE_OUTGOING PACKET_VNET_HDR_SZ TP_STATUS_GSO_TCP",
		"SCM_DEVMEM_DMABUF SCM_DEVMEM_LINEAR SCM_INQ SCM_TSTAMP_COMPLETION SCM_TS_OPT_ID",
		"SOF_TIMESTAMPING_OPT_ID_TCP SOF_TIMESTAMPING_OPT_RX_FILTER SOF_TIMESTAMPING_TX_COMPLETION",
		"SO_DEVMEM_DMABUF SO_DEVMEM_DONTNEED SO_DEVMEM_LINEAR SO_INQ SO_PASSPIDFD SO_PASSRIGHTS SO_PEERPIDFD",
		"SO_RCVPRIORITY TCPI_OPT_TFO_CHILD TCPI_OPT_USEC_TS TCP_AO_ADD_KEY TCP_AO_DEL_KEY TCP_AO_GET_KEYS",
		"TCP_AO_INFO TCP_AO_KEYF_EXCLUDE_OPT TCP_AO_KEYF_IFINDEX TCP_AO_MAXKEYLEN TCP_AO_REPAIR",
		"TCP_DELACK_MAX_US TCP_IS_MPTCP TCP_NLA_REHASH TCP_RTO_MAX_MS TCP_RTO_MIN_US TLS_TX_MAX_PAYLOAD_LEN",
		"XDP_MAX_TX_SKB_BUDGET XDP_USE_SG",
	].flatMap((line) => line.split(" ")),
);

/** Files for `sys/` and for `berkeley/select`, which the index leaves out. */
const notInIndex = new Set([
	"bpf",
	"epoll",
	"ethtool",
	"eventfd",
	"fcntl",
	"ioctl",
	"mman",
	"poll",
	"prctl",
	"rtattributes",
	"splice",
]);

/** The facts that a file claims. The header of the broadcast manager has its names without a prefix. */
function factsOf(topic: string): Fact[] {
	return Object.entries(constantsOf.get(topic) ?? {}).flatMap(([name, value]) => {
		if (typeof value !== "number") return [];
		return [{ expression: topic === "canbcm" ? name.replace("CAN_BCM_", "") : name, value }];
	});
}

for (const compiler of compilers) {
	describe(`the headers of ${compiler.arch}`, { skip: skipWithout(compiler) }, () => {
		const bluetooth = hasHeader(compiler, "bluetooth/bluetooth.h");
		const needBlueZ = new Set(factsOf("bluetooth").map(({ expression }) => expression));
		for (const name of ["SOL_BLUETOOTH", "SOL_HCI", "SOL_L2CAP", "SOL_RFCOMM", "SOL_SCO"])
			needBlueZ.add(name);

		function check(facts: Fact[], headerSets: string[][]): string[] {
			const verdicts = headerSets.map((headers) => checkFacts(compiler, headers, facts));
			assert.deepEqual(
				verdicts.flatMap(({ wrong }) => wrong),
				[],
			);
			const [first = [], ...others] = verdicts.map(({ unknown }) =>
				unknown.map(({ expression }) => expression),
			);
			return first.filter((name) => others.every((names) => names.includes(name)) && !undeclared.has(name));
		}

		test("declare every constant, with the same value", () => {
			const facts = topics.flatMap(factsOf).filter(({ expression }) => !needBlueZ.has(expression));
			assert.ok(facts.length > 1500, `only ${facts.length} facts`);
			assert.deepEqual(check(facts, [libraryHeaders, kernelHeaders]), []);
		});

		test("declare every constant of Bluetooth, with the same value", {
			skip: bluetooth ? false : "BlueZ's headers are not installed (Debian: libbluetooth-dev)",
		}, () => {
			const facts = [...factsOf("bluetooth"), ...factsOf("levels")];
			const names = check(facts, [bluetoothHeaders]);
			assert.deepEqual(
				names.filter((name) => needBlueZ.has(name)),
				[],
			);
		});

		test("declare every errno, with the same value", () => {
			const facts = Object.entries(errnos).flatMap(([expression, value]) =>
				typeof value === "number" ? [{ expression, value }] : [],
			);
			assert.deepEqual(check(facts, [libraryHeaders]), []);
		});
	});
}

describe("the index of constants", () => {
	test("exports every file but those of sys/ and of select", () => {
		const exported: Record<string, unknown> = index;
		for (const [topic, constants] of constantsOf) {
			for (const [name, value] of Object.entries(constants)) {
				assert.equal(exported[name], notInIndex.has(topic) ? undefined : value, `${topic}: ${name}`);
			}
		}
	});

	test("has the names that Python's socket module got after 3.11", () => {
		const names = [
			"BDADDR_BREDR BDADDR_LE_PUBLIC BDADDR_LE_RANDOM BTPROTO_HCI BTPROTO_L2CAP BTPROTO_RFCOMM BTPROTO_SCO",
			"BT_CHANNEL_POLICY BT_CHANNEL_POLICY_BREDR_ONLY BT_CHANNEL_POLICY_BREDR_PREFERRED BT_CODEC",
			"BT_DEFER_SETUP BT_FLUSHABLE BT_FLUSHABLE_OFF BT_FLUSHABLE_ON BT_ISO_QOS BT_MODE BT_MODE_BASIC",
			"BT_MODE_ERTM BT_MODE_EXT_FLOWCTL BT_MODE_LE_FLOWCTL BT_MODE_STREAMING BT_PHY BT_PHY_BR_1M_1SLOT",
			"BT_PHY_BR_1M_3SLOT BT_PHY_BR_1M_5SLOT BT_PHY_EDR_2M_1SLOT BT_PHY_EDR_2M_3SLOT BT_PHY_EDR_2M_5SLOT",
			"BT_PHY_EDR_3M_1SLOT BT_PHY_EDR_3M_3SLOT BT_PHY_EDR_3M_5SLOT BT_PHY_LE_1M_RX BT_PHY_LE_1M_TX",
			"BT_PHY_LE_2M_RX BT_PHY_LE_2M_TX BT_PHY_LE_CODED_RX BT_PHY_LE_CODED_TX BT_PKT_STATUS BT_POWER",
			"BT_POWER_FORCE_ACTIVE_OFF BT_POWER_FORCE_ACTIVE_ON BT_RCVMTU BT_SECURITY BT_SECURITY_FIPS",
			"BT_SECURITY_HIGH BT_SECURITY_LOW BT_SECURITY_MEDIUM BT_SECURITY_SDP BT_SNDMTU BT_VOICE",
			"BT_VOICE_CVSD_16BIT BT_VOICE_TRANSPARENT BT_VOICE_TRANSPARENT_16BIT CAN_RAW_ERR_FILTER",
			"ETHERTYPE_ARP ETHERTYPE_IP ETHERTYPE_IPV6 ETHERTYPE_VLAN ETH_P_ALL HCI_CHANNEL_CONTROL",
			"HCI_CHANNEL_LOGGING HCI_CHANNEL_MONITOR HCI_CHANNEL_RAW HCI_CHANNEL_USER HCI_DATA_DIR HCI_DEV_NONE",
			"HCI_FILTER HCI_TIME_STAMP IPV6_RECVERR IP_ADD_SOURCE_MEMBERSHIP IP_BLOCK_SOURCE",
			"IP_DROP_SOURCE_MEMBERSHIP IP_FREEBIND IP_PKTINFO IP_RECVERR IP_RECVORIGDSTADDR IP_RECVTTL",
			"IP_UNBLOCK_SOURCE L2CAP_LM L2CAP_LM_AUTH L2CAP_LM_ENCRYPT L2CAP_LM_MASTER L2CAP_LM_RELIABLE",
			"L2CAP_LM_SECURE L2CAP_LM_TRUSTED NI_IDN RDS_CANCEL_SENT_TO RDS_CMSG_RDMA_ARGS RDS_CMSG_RDMA_DEST",
			"RDS_CMSG_RDMA_MAP RDS_CMSG_RDMA_STATUS RDS_CONG_MONITOR RDS_FREE_MR RDS_GET_MR RDS_GET_MR_FOR_DEST",
			"RDS_RDMA_DONTWAIT RDS_RDMA_FENCE RDS_RDMA_INVALIDATE RDS_RDMA_NOTIFY_ME RDS_RDMA_READWRITE",
			"RDS_RDMA_SILENT RDS_RDMA_USE_ONCE RDS_RECVERR SOL_ATALK SOL_AX25 SOL_BLUETOOTH SOL_HCI SOL_IPX",
			"SOL_L2CAP SOL_NETROM SOL_RFCOMM SOL_ROSE SOL_SCO SO_BINDTOIFINDEX SO_ORIGINAL_DST TCP_CC_INFO",
			"TCP_FASTOPEN_CONNECT TCP_FASTOPEN_KEY TCP_FASTOPEN_NO_COOKIE TCP_INQ TCP_MD5SIG TCP_MD5SIG_EXT",
			"TCP_QUEUE_SEQ TCP_REPAIR TCP_REPAIR_OPTIONS TCP_REPAIR_QUEUE TCP_REPAIR_WINDOW TCP_SAVED_SYN",
			"TCP_SAVE_SYN TCP_THIN_DUPACK TCP_THIN_LINEAR_TIMEOUTS TCP_TIMESTAMP TCP_TX_DELAY TCP_ULP",
			"TCP_ZEROCOPY_RECEIVE VMADDR_CID_LOCAL",
		].flatMap((line) => line.split(" "));
		assert.deepEqual(
			names.filter((name) => !(name in index)),
			[],
		);
	});
});

const python = spawnSync("python3", ["--version"]).status === 0;
describe("Python", { skip: python ? false : "python3 is not installed" }, () => {
	function ask<T>(program: string): T {
		const { stdout, stderr, status } = spawnSync("python3", ["-c", program], { encoding: "utf8" });
		assert.equal(status, 0, stderr);
		return JSON.parse(stdout) as T;
	}

	test("has no integer in its socket module that the index lacks or has otherwise", () => {
		const theirs = ask<Record<string, number>>(
			`import json, socket
print(json.dumps({name: int(value) for name, value in vars(socket).items()
                  if isinstance(value, int) and not isinstance(value, bool)}))`,
		);
		assert.ok(Object.keys(theirs).length > 300);
		const ours: Record<string, unknown> = index;
		for (const [name, value] of Object.entries(theirs)) assert.equal(ours[name], value, name);
	});

	test("has no errno that is missing or different here, and the same words for each", () => {
		const theirs = ask<[name: string, errno: number, text: string][]>(
			`import errno, json, os
print(json.dumps([(name, value, os.strerror(value)) for name, value in vars(errno).items()
                  if isinstance(value, int)]))`,
		);
		assert.ok(theirs.length > 130);
		const ours: Record<string, unknown> = errnos;
		for (const [name, errno, text] of theirs) {
			assert.equal(ours[name], errno, name);
			assert.equal(errnos.errnoText(errno).toLowerCase(), text.toLowerCase(), name);
		}
	});
});

describe("errnoName() and errnoText()", () => {
	test("name every errno that is exported, and the first of two names for one number", () => {
		const aliases: Record<string, string> = {
			EDEADLOCK: "EDEADLK",
			ENOTSUP: "EOPNOTSUPP",
			EWOULDBLOCK: "EAGAIN",
		};
		for (const [name, value] of Object.entries(errnos)) {
			if (typeof value === "number") assert.equal(errnos.errnoName(value), aliases[name] ?? name);
		}
	});

	test("make something up for a number without a name", () => {
		assert.equal(errnos.errnoName(999), "E999");
		assert.equal(errnos.errnoText(999), "error 999");
	});
});
