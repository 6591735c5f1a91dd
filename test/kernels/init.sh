#!/bin/busybox sh
# The first process of the machine: lets programs of known behaviour use block devices and files while iotop records, and
# says on the console what each says that the kernel counted, and what iotop counted. Each part begins with "@@ part NAME".
export PATH=/bin
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
ip link set lo up

say() { echo "@@ $*"; }

for module in /modules/*; do
  case $module in
    *brd.ko) insmod "$module" rd_nr=1 rd_size=131072 ;;
    *) insmod "$module" ;;
  esac || say problem "$module cannot be loaded"
done
[ -e /proc/sys/kernel/task_delayacct ] && echo 1 > /proc/sys/kernel/task_delayacct
release=$(uname -r)
say kernel "$release"
say page "$(sed -n 's/KernelPageSize: *//p' /proc/self/smaps | head -n 1)"

# Two samples are there when it returns.
start() {
  rm -f /out.jsonl /report.json
  iotop "$@" --output jsonl=/out.jsonl --output report=/report.json,format=json,rows=400 2>/err &
  recorder=$!
  while ! grep -q '"seq":2,' /out.jsonl 2>/dev/null; do
    kill -0 $recorder || break
    sleep 0.2
  done
}

stop() {
  sync
  sleep 1
  kill -TERM $recorder
  wait $recorder
  say status $?
  while read -r line; do say stderr "$line"; done < /err
  say report "$(cat /report.json)"
}

try() {
  name=$1
  shift
  ln -sf /workload "/bin/$name"
  say counted "$name" "$("$name" "$@")"
}

try_all() {
  try wburst burst 200 /dev/ram0
  try wfetch fetch 100 128 /dev/ram0
  try wchurn churn 20 20 10 16 /dev/ram0
  try wrelay relay 10 10 16 /dev/ram0 last
  try wflood flood 100 process 5000 /dev/ram0
  # Only since Linux 5.19 is the next program told from those that had its id a moment ago.
  case $release in 5.*) echo 6000 > /proc/sys/kernel/ns_last_pid ;; esac
}

say part processes
start -d 0.5 --files
try_all
stop
grep -q 'only how far positions' /err && no_files=1

say part proc-alone
umount /sys
start -d 0.5 --files
try_all
stop
mount -t sysfs sysfs /sys

# Each way as a program of that name.
use() {
  what=$1
  shift
  for way in "$@"; do
    say used "$what" "$way"
    ln -sf /bin/file-io "/ways/$way"
    "/ways/$way" "$way" /disk || say problem "$way failed"
  done
}

use_files() {
  say part "$1"
  mount -t "$1" "$2" /disk || say problem "$1 cannot be mounted"
  file-io prepare /disk || say problem "prepare failed"
  start -d 0.5 --files
  use write write small-writes pwrite append dsync fsync direct-write truncate unlink threads uring mmap-write
  use read read pread direct-read mmap-read sendfile readahead
  stop
  umount /disk
}

# A program whose position moves while somebody looks.
see_positions() {
  say part positions
  mount -t ext4 /dev/vda /disk || say problem "ext4 cannot be mounted"
  start -d 0.5 --files
  (
    exec > /disk/moved
    for turn in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
      printf '%4096s' x
      sleep 0.2
    done
  )
  stop
  sed -n 's/.*"files":\(\[[^]]*\]\).*/\1/p' /out.jsonl | while read -r line; do say files "$line"; done
  umount /disk
}

if [ "$no_files" ]; then
  see_positions
else
  use_files ext4 /dev/vda
  use_files xfs /dev/vdb
  use_files btrfs /dev/vdc
fi

# What a cgroup wrote to memory goes to the disk later, by a kernel thread, and counts for it.
say part writeback
mount -t ext4 /dev/vda /disk || say problem "ext4 cannot be mounted"
mount -t cgroup2 cgroup2 /sys/fs/cgroup || say problem "no cgroups of version 2"
echo "+io +memory" > /sys/fs/cgroup/cgroup.subtree_control
mkdir /sys/fs/cgroup/writer.service
start -d 1 --by unit
(
  echo 0 > /sys/fs/cgroup/writer.service/cgroup.procs
  # Its first reading is where counting begins.
  for attempt in 1 2 3 4 5 6; do
    sleep 5
    grep -q writer.service /out.jsonl && break
    dd if=/dev/zero of=/disk/first bs=4k count=1 conv=fsync 2>/dev/null
  done
  dd if=/dev/zero of=/disk/later bs=1M count=24 2>/dev/null
)
sync
sleep 5
stop
say written $((24 * 1024 * 1024))
sed -n 's/.*"cgroups":\(\[[^]]*\]\).*/\1/p' /out.jsonl | while read -r line; do say cgroups "$line"; done
iotop --doctor | while read -r line; do say doctor "$line"; done
say part end
poweroff -f
