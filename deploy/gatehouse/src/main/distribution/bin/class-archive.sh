# Read by bin/gatehouse before it starts Java. A gateway that stops leaves the classes it had loaded in an archive
# beside lib/, and the next one starts in about two thirds of the time; gateway --rehearse is there to leave it. Java checks by itself that the archive fits
# the JDK and the jars, and writes a new one where it does not.
archive=$BASEDIR/gateway.jsa

can_archive() {
  # JAVA_OPTS is split at spaces, and Java ends with an error where it cannot write the archive.
  case $BASEDIR in *[!A-Za-z0-9/._-]*) return 1 ;; esac
  [ -w "$BASEDIR" ] && { [ ! -e "$archive" ] || [ -w "$archive" ]; }
}

if [ "${1:-}" = gateway ] && can_archive; then
  # Below 16 MiB it comes from a gateway that ended early, such as for its configuration, and would help little.
  [ -z "$(find "$archive" -size -32768 2>/dev/null)" ] || rm -f "$archive"
  JAVA_OPTS="-XX:+AutoCreateSharedArchive -XX:SharedArchiveFile=$archive -Xlog:cds*=off -Xlog:aot*=off ${JAVA_OPTS:-}"
fi
