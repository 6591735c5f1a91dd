/** Services for systemd: shipped, and not enabled. Pure. */

export interface Unit {
  readonly name: string;
  readonly text: string;
}

interface Service {
  readonly name: string;
  readonly description: string;
  readonly command: string;
  /** Of sockets: netlink is how iotop asks the kernel. */
  readonly addressFamilies: readonly string[];
  /** Lines of [Service] that the other service does not have. */
  readonly own: readonly string[];
}

/** The least that works. One capability, for taskstats. */
const LEAST = `# Left out, because iotop could not work with them: MemoryDenyWriteExecute (the runtime compiles code), PrivateNetwork
# and PrivateUsers (the kernel reports exits of tasks only in the initial namespaces).
DynamicUser=yes
AmbientCapabilities=CAP_NET_ADMIN
CapabilityBoundingSet=CAP_NET_ADMIN
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateIPC=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=ENOSYS
UMask=0077
Restart=on-failure
RestartSec=10`;

const unit = ({
  name,
  description,
  command,
  addressFamilies,
  own,
}: Service): Unit => ({
  name: `${name}.service`,
  text: `# systemctl enable --now ${name}; to change it: systemctl edit ${name}
[Unit]
Description=${description}
Documentation=man:iotop-bun(8)
After=network.target

[Service]
ExecStart=${command}
${own.map((line) => `${line}\n`).join("")}RestrictAddressFamilies=${addressFamilies.join(" ")}
${LEAST}

[Install]
WantedBy=multi-user.target
`,
});

export const UNITS: readonly Unit[] = [
  unit({
    name: "iotop-bun-recorder",
    description: "Record the disk I/O of every process",
    command:
      "/usr/sbin/iotop-bun -P --output jsonl=/var/log/iotop/,every=1h,keep=7d,max=2G,min-free=5%%",
    addressFamilies: ["AF_NETLINK", "AF_UNIX"],
    own: ["LogsDirectory=iotop", "LogsDirectoryMode=0700", "IPAddressDeny=any"],
  }),
  unit({
    name: "iotop-bun-statsd",
    description: "Send the disk I/O of every unit to statsd",
    command:
      "/usr/sbin/iotop-bun -P -d 10 --output statsd=127.0.0.1:8125,group=unit",
    addressFamilies: ["AF_NETLINK", "AF_UNIX", "AF_INET", "AF_INET6"],
    own: [],
  }),
];

/** As a command line has them. */
export const UNIT_NAMES: string = UNITS.map(({ name }) => name).join(" ");
