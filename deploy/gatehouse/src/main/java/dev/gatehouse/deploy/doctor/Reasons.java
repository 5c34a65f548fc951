package dev.gatehouse.deploy.doctor;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import org.jspecify.annotations.Nullable;

/** Faults in words for people. */
final class Reasons {
  private Reasons() {}

  /** The first line of the first cause that says something; no full stop at its end. */
  static String of(@Nullable Throwable fault) {
    for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case UnresolvedAddressException _ -> {
          return "its name is not known to DNS";
        }
        case UnknownHostException _ -> {
          return "its name is not known to DNS";
        }
        case HttpConnectTimeoutException _ -> {
          return "it cannot be connected to within " + Probe.CONNECT.toSeconds() + " s";
        }
        default -> {}
      }
    }
    for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException) {
        return "nothing listens there";
      }
      if (cause.getMessage() != null && !cause.getMessage().isBlank()) {
        return cause.getMessage().lines().findFirst().orElse("").replaceFirst("\\.$", "");
      }
    }
    return String.valueOf(fault);
  }
}
