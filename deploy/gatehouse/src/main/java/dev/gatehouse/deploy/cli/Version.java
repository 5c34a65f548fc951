package dev.gatehouse.deploy.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version in the program's own jar. */
public final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version =
        Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
            .orElse("(not packaged)");
    return new String[] {"gatehouse " + version};
  }
}
