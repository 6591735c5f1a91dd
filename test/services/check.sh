#!/bin/bash
# Runs in the virtual machine, after systemd has come up: installs the package, uses both services, and says on the console
# what it saw, a line a fact.
exec > /dev/ttyS0 2>&1
say() { echo "@@ $1: ${*:2}"; }
both="iotop-bun-recorder iotop-bun-statsd"
is() { systemctl "$@" $both | tr '\n' ' '; }
install() { dpkg --force-unsafe-io --no-triggers -i /root/iotop.deb > /dev/null; }
recordings() { (cd /var/log/iotop && ls | sed -E 's/.*T[0-9]+Z//' | tr '\n' ' '); }
until_true() { for _ in $(seq 120); do "$@" && return; sleep 1; done; }
main_pid() { systemctl show -P MainPID iotop-bun-recorder; }
# Some samples of the recorder, and one of statsd.
wait_for_samples() { sleep 15; }

socat -u UDP-RECV:8125,bind=127.0.0.1 OPEN:/root/statsd.txt,creat,append &
install
say installed $(is is-enabled) $(is is-active)

systemctl enable --now $both
until_true compgen -G '/var/log/iotop/*.jsonl' > /dev/null
wait_for_samples
say started $(is is-active)
say folder $(stat -Lc '%A' /var/log/iotop) $(stat -c '%A' /var/log/iotop/*)
pid=$(main_pid)
say rights $(sed -n 's/^\(CapEff\|CapBnd\|NoNewPrivs\|Seccomp\):\t/\1=/p' "/proc/$pid/status")
say user $([ "$(stat -c %u "/proc/$pid")" = 0 ] && echo root || echo "its own")

for _ in $(seq 40); do
  dd if=/dev/zero of=/root/written bs=256k count=1 oflag=direct conv=notrunc 2> /dev/null
done
wait_for_samples
iotop --replay /var/log/iotop/ --speed max --output report=/root/report.json,format=json,rows=100 2> /dev/null
say recorded $(jq -r '.groups[] | select(.name == "dd") | "\(.processes) \(.ended) \(.write_bytes)"' /root/report.json)
sum() { sed -n "s/^iotop\\.[^.]*\\.$1\\.write_bytes:\\([0-9]*\\)|c.*/\\1/p" /root/statsd.txt | paste -sd+ | bc; }
say sent $([ "$(sum 'unit\.[^.]*')" = "$(sum tasks)" ] && echo units add up) $([ "$(sum tasks)" -ge 10485760 ] && echo all)

systemctl restart $both
wait_for_samples
say restarted $(is is-active) $(recordings)
date -s '+1 hour' > /dev/null
wait_for_samples
say rotated $(recordings)
date -s '+8 days' > /dev/null
wait_for_samples
say kept $(recordings)

pid=$(main_pid)
systemctl kill -s KILL iotop-bun-recorder
sleep 12
until_true systemctl -q is-active iotop-bun-recorder
say killed $(is is-active) $([ "$pid" != "$(main_pid)" ] && echo anew)
pid=$(main_pid)
install
wait_for_samples
say upgraded $(is is-active) $([ "$pid" != "$(main_pid)" ] && echo anew)
say exposure $(for unit in $both; do systemd-analyze security --no-pager $unit | sed -n 's/.*exposure level for [^ ]* \([0-9.]*\).*/\1/p'; done)

systemctl stop $both
say stopped $(is is-active) $(is show -P Result)
systemctl start iotop-bun-recorder
dpkg -r iotop-bun > /dev/null
say removed $(is is-active) $(ls /etc/systemd/system/multi-user.target.wants | grep iotop)
dpkg -P iotop-bun > /dev/null
say purged $(find / -xdev -name '*iotop*' -not -path '/root/*' -not -path '/var/lib/systemd/*')
say done
systemctl poweroff -ff
