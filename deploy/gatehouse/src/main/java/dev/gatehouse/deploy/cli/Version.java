package dev.gatehouse.deploy.cli;

import dev.gatehouse.contract.BuildVersion;
import picocli.CommandLine.IVersionProvider;

/** The version in the program's own jar. */
public final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"gatehouse " + BuildVersion.of(Version.class)};
  }
}
