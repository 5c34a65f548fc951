package dev.gatehouse.controlplane;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.gatehouse.controlplane",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  /** A feature uses another's Service, never its Store. */
  @ArchTest
  static final ArchRule STORES_ARE_OF_THEIR_PACKAGE_ALONE =
      classes()
          .that()
          .haveSimpleNameEndingWith("Store")
          .and()
          .resideOutsideOfPackage("..api..")
          .should()
          .bePackagePrivate();

  @ArchTest
  static final ArchRule NOTHING_OF_THE_GATEWAY_OR_THE_DISTRIBUTION_IS_SEEN =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.gatehouse.gateway..", "dev.gatehouse.deploy..");

  @ArchTest
  static final ArchRule SERVICES_KNOW_NO_HTTP =
      noClasses()
          .that()
          .haveSimpleNameEndingWith("Service")
          .or()
          .haveSimpleNameEndingWith("Store")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx.ext.web..", "io.vertx.core.http..");
}
