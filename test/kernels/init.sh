#!/bin/busybox sh
# The first process of the machine: makes a block device of memory, lets programs of known behaviour use it while iotop
# records, and says on the console what each says that the kernel counted, and what iotop counted.
export PATH=/bin
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
insmod /brd.ko rd_nr=1 rd_size=131072
[ -e /proc/sys/kernel/task_delayacct ] && echo 1 > /proc/sys/kernel/task_delayacct
ip link set lo up

say() { echo "@@ $*"; }
say kernel "$(uname -r)"
say version "$(iotop --version)"
iotop -d 0.5 --files --output jsonl=/out.jsonl 2>/err &
recorder=$!
while ! grep -q '"seq":2,' /out.jsonl 2>/dev/null; do
  kill -0 $recorder || break
  sleep 0.2
done

try() {
  name=$1
  shift
  cp /workload "/bin/$name"
  say counted "$name" "$("$name" "$@")"
}
try wburst burst 200 /dev/ram0
try wfetch fetch 100 128 /dev/ram0
try wchurn churn 20 20 10 16 /dev/ram0
try wrelay relay 10 10 16 /dev/ram0 last
try wflood flood 100 process 5000 /dev/ram0

sync
sleep 1
kill -TERM $recorder
wait $recorder
say status $?
while read -r line; do say stderr "$line"; done < /err
iotop --replay /out.jsonl --speed max --output report=/report.json,format=json,rows=100 2>/dev/null
say report "$(cat /report.json)"
say files "$(sed -n 's/.*"files":\(\[[^]]*\]\).*/\1/p' /out.jsonl | tr -d '\n')"

# What a cgroup wrote to memory goes to the disk later, by a kernel thread, and counts for it.
for part in virtio virtio_ring virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_blk; do
  [ -e "/$part.ko" ] && insmod "/$part.ko"
done
mount -t ext4 /dev/vda /tmp
mount -t cgroup2 cgroup2 /sys/fs/cgroup
echo "+io +memory" > /sys/fs/cgroup/cgroup.subtree_control
mkdir /sys/fs/cgroup/writer.service
iotop -d 1 --by unit --output jsonl=/cgroups.jsonl 2>/dev/null &
recorder=$!
(
  echo 0 > /sys/fs/cgroup/writer.service/cgroup.procs
  # Its first reading is where counting begins.
  for attempt in 1 2 3 4 5 6; do
    sleep 5
    grep -q writer.service /cgroups.jsonl && break
    dd if=/dev/zero of=/tmp/first bs=4k count=1 conv=fsync 2>/dev/null
  done
  dd if=/dev/zero of=/tmp/later bs=1M count=24 2>/dev/null
)
sync
sleep 5
kill -TERM $recorder
wait $recorder
say writeback $((24 * 1024 * 1024))
sed -n 's/.*"cgroups":\(\[[^]]*\]\).*/\1/p' /cgroups.jsonl | while read -r line; do say cgroups "$line"; done
iotop --doctor | while read -r line; do say doctor "$line"; done
poweroff -f
