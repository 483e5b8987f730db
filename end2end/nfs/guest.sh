#!/bin/sh
# The first process of the guest: an NFS server and, on its loopback, its client; then the tests. Its root is the host's, read-only, so
# whatever is written goes to memory, and /etc is a copy. Settings come before this text (`run.mjs`).
export PATH="$RIG/usr/sbin:$RIG/sbin:$RIG/usr/bin:$RIG/bin:/usr/sbin:/sbin:/usr/bin:/bin"
export LD_LIBRARY_PATH="$RIG/usr/lib/x86_64-linux-gnu:$RIG/lib/x86_64-linux-gnu"
BB="$RIG/bin/busybox"
mount -t proc proc /proc
mount -t sysfs sys /sys
for dir in /run /var/lib /mnt /srv; do mount -t tmpfs guest $dir; done
cp -a /etc/passwd /etc/group /etc/nsswitch.conf /etc/hosts /etc/services /etc/protocols /etc/rpc /etc/ld.so.cache /etc/alternatives /srv/ 2>/dev/null
cp "$RIG/etc/netconfig" /srv/
: > /srv/exports
echo '_rpc:x:900:65534::/run/rpcbind:/usr/sbin/nologin' >> /srv/passwd
mount --bind /srv /etc
mkdir -p /var/lib/nfs/sm /var/lib/nfs/sm.bak /var/lib/nfs/v4recovery /run/rpcbind /mnt/srv /mnt/tmp
for file in etab rmtab state; do : > /var/lib/nfs/$file; done
"$BB" ifconfig lo 127.0.0.1 up
# No kmod in here: in this order, each after what it needs.
MODULES=$(echo "$RIG"/usr/lib/uml/modules/*/kernel)
for module in net/sunrpc/sunrpc lib/oid_registry net/sunrpc/auth_gss/auth_rpcgss fs/nfs_common/grace fs/lockd/lockd \
  fs/nfs_common/nfs_acl net/dns_resolver/dns_resolver fs/netfs/netfs fs/fscache/fscache fs/nfsd/nfsd fs/nfs/nfs fs/nfs/nfsv3 \
  fs/nfs/nfsv4; do
  "$BB" insmod "$MODULES/$module.ko" || echo "# no module $module"
done
mount -t nfsd nfsd /proc/fs/nfsd
# A file system of the guest's own: the host's cannot be exported.
mount -t tmpfs server /mnt/srv
"$RIG/sbin/rpcbind" -r -f &
for try in 1 2 3 4 5 6 7 8 9 10; do "$RIG/usr/sbin/rpcinfo" -p 127.0.0.1 > /dev/null 2>&1 && break; sleep 0.2; done
exportfs -o rw,no_root_squash,insecure,no_subtree_check,fsid=0 127.0.0.1:/mnt/srv
rpc.mountd -p 20048
rpc.nfsd -G 10 -L 10 2
TMPDIR=/mnt/tmp HOME=/mnt/tmp "$NODE" "$TESTS"
echo "# the guest ends"
"$BB" poweroff -f
