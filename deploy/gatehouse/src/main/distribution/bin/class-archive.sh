# Read by bin/gatehouse before it starts Java: options of the JVM, before those of the user's JAVA_OPTS. Programs leave the classes that they had loaded in archives beside lib/ when they
# end, and the next start takes about two thirds of the time for a gateway (gateway --rehearse is there to leave it), and half of
# it for a command. Java checks by itself that an archive fits the JDK and the jars, and writes a new one where it does not.

# Uses an archive, and has it written where it is missing and can be.
use_archive() {
  # JAVA_OPTS is split at spaces, and Java ends with an error where it cannot write the archive.
  case $BASEDIR in *[!A-Za-z0-9/._-]*) return ;; esac
  if [ -w "$BASEDIR" ] && { [ ! -e "$1" ] || [ -w "$1" ]; }; then
    JAVA_OPTS="-XX:+AutoCreateSharedArchive -XX:SharedArchiveFile=$1 -Xlog:cds*=off -Xlog:aot*=off ${JAVA_OPTS:-}"
  fi
}

case ${1:-} in
  gateway)
    # Below 16 MiB it comes from a gateway that ended early, such as for its configuration, and would help little.
    [ -z "$(find "$BASEDIR/gateway.jsa" -size -32768 2>/dev/null)" ] || rm -f "$BASEDIR/gateway.jsa"
    use_archive "$BASEDIR/gateway.jsa"
    # What outlives two collections is kept for a minute, as signed contexts are: to copy it up to fifteen times before it is
    # taken for old made the pauses twice as long.
    JAVA_OPTS="-XX:MaxTenuringThreshold=2 ${JAVA_OPTS:-}"
    ;;
  control-plane | sample-app | demo) ;;
  *)
    # A command ends before the second compiler has paid for itself.
    JAVA_OPTS="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC ${JAVA_OPTS:-}"
    use_archive "$BASEDIR/commands.jsa"
    ;;
esac
