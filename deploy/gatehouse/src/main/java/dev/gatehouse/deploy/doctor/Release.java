package dev.gatehouse.deploy.doctor;

import dev.gatehouse.contract.BuildVersion;
import java.util.Optional;

/** Whether what runs is of the release that looks at it. */
final class Release {
  private Release() {}

  /**
   * @param own that of this program; nothing is compared with one that is not known
   * @param running that of what runs; empty if it does not say it
   */
  static Finding compared(String own, Optional<String> running) {
    if (own.equals(BuildVersion.UNKNOWN) && running.isPresent()) {
      return Finding.ok("It is of " + running.get() + ".");
    }
    return running
        .map(theirs ->
            theirs.equals(own)
                ? Finding.ok("It is of " + theirs + ", as this program.")
                : Finding.warning(
                    "It is of " + theirs + ", and this program of " + own + ".",
                    "Bring all parts to one release, the control plane first, then gateways; or run"
                        + " the doctor of its installation."))
        .orElseGet(() -> Finding.skipped("It does not say it: it is older than this program."));
  }
}
