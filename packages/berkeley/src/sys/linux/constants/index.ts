/**
 * Every constant that a user of sockets may need, under its C name: all that Python's socket module has on
 * Linux, and what the kernel's headers have beyond. The values are those of x64 and of arm64. The constants
 * of epoll, ethtool, poll, fcntl, ioctl, mmap, BPF and the attributes of rtnetlink are imported from their own files.
 */
export { EAGAIN, EBADF, EWOULDBLOCK } from "../errnos.js";
export * from "./alg.js";
export * from "./arphrd.js";
export * from "./bluetooth.js";
export * from "./can.js";
export * from "./canbcm.js";
export * from "./errqueue.js";
export * from "./ethernet.js";
export * from "./families.js";
export * from "./inaddr.js";
export * from "./interface.js";
export * from "./ip.js";
export * from "./ipv6.js";
export * from "./isotp.js";
export * from "./j1939.js";
export * from "./levels.js";
export * from "./mcast.js";
export * from "./mptcp.js";
export * from "./msg.js";
export * from "./netdb.js";
export * from "./netlink.js";
export * from "./packet.js";
export * from "./protocols.js";
export * from "./qipcrtr.js";
export * from "./rds.js";
export * from "./rtnetlink.js";
export * from "./scm.js";
export * from "./sctp.js";
export * from "./shutdown.js";
export * from "./so.js";
export * from "./tcp.js";
export * from "./timestamping.js";
export * from "./tipc.js";
export * from "./tls.js";
export * from "./types.js";
export * from "./udp.js";
export * from "./vsock.js";
export * from "./xdp.js";
