# Read by bin/gatehouse before it starts Java: options of the JVM, before those of the user's JAVA_OPTS. Programs leave the classes
# that they had loaded in archives beside lib/ when they end, and the next start takes about two thirds of the time for a gateway
# (gateway --rehearse is there to leave it), and half of it for a command. Java checks by itself that an archive fits the JDK and
# the jars, and writes a new one where it does not.

# An older Java would only say that it does not know these options.
require_java() {
  java=${JAVACMD:-${JAVA_HOME:+$JAVA_HOME/bin/java}}
  java=$(command -v "${java:-java}") || {
    echo "Gatehouse needs Java $1 or newer, and found none${JAVA_HOME:+ in $JAVA_HOME}. Set JAVA_HOME." >&2
    exit 2
  }
  # Each JDK says so in this file: to ask the program would take as long as a command.
  release=$(dirname "$(dirname "$(readlink -f "$java")")")/release
  found=$(sed -n 's/^JAVA_VERSION="\([0-9.]*\).*/\1/p' "$release" 2>/dev/null)
  if [ -n "$found" ] && [ "${found%%.*}" -lt "$1" ]; then
    echo "Gatehouse needs Java $1 or newer, and found $found ($java). Set JAVA_HOME." >&2
    exit 2
  fi
}

# Uses an archive that is there.
read_archive() {
  # JAVA_OPTS is split at spaces.
  case $BASEDIR in *[!A-Za-z0-9/._-]*) return ;; esac
  JAVA_OPTS="-XX:SharedArchiveFile=$1 -Xlog:cds*=off -Xlog:aot*=off ${JAVA_OPTS:-}"
}

# Uses an archive, and has it written where it is missing and can be: Java ends with an error where it cannot write it.
use_archive() {
  if [ -w "$BASEDIR" ] && { [ ! -e "$1" ] || [ -w "$1" ]; }; then
    read_archive "$1"
    JAVA_OPTS="-XX:+AutoCreateSharedArchive $JAVA_OPTS"
  fi
}

# Java ends with an error where two collectors are asked for, or one of them does not take an option.
chooses_collector() {
  case ${JAVA_OPTS:-} in *-XX:+Use*GC*) ;; *) return 1 ;; esac
}

# What is smaller comes from a program that ended early, such as for its configuration, and would help little.
remove_smaller() {
  [ -z "$(find "$1" -size "-$2" 2>/dev/null)" ] || rm -f "$1"
}

require_java 25

case ${1:-} in
  gateway)
    # What outlives two collections is kept for a minute, as signed contexts are: to copy it up to fifteen times before it is
    # taken for old made the pauses twice as long.
    chooses_collector || JAVA_OPTS="-XX:MaxTenuringThreshold=2 ${JAVA_OPTS:-}"
    remove_smaller "$BASEDIR/gateway.jsa" 32768 # half a KiB each
    use_archive "$BASEDIR/gateway.jsa"
    # What Java itself has to say does not belong among the lines of an access log.
    JAVA_OPTS="-XX:+DisplayVMOutputToStderr ${JAVA_OPTS:-}"
    ;;
  control-plane | sample-app | demo)
    # What a gateway has loaded is most of what these load, too.
    [ ! -r "$BASEDIR/gateway.jsa" ] || read_archive "$BASEDIR/gateway.jsa"
    ;;
  *)
    # A command ends before the second compiler has paid for itself.
    chooses_collector || JAVA_OPTS="-XX:+UseSerialGC ${JAVA_OPTS:-}"
    # Java would warn of an archive that another command is just writing, and in the midst of what this one answers.
    JAVA_OPTS="-XX:TieredStopAtLevel=1 -XX:-PrintWarnings ${JAVA_OPTS:-}"
    remove_smaller "$BASEDIR/commands.jsa" 24576 # one that has asked something leaves 14 MB, one that has only explained itself 7
    use_archive "$BASEDIR/commands.jsa"
    ;;
esac
