package dev.gatehouse.deploy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * Imports run one way: gateway → contract ← control plane; deploy may see all; nothing sees deploy.
 */
@AnalyzeClasses(packages = "dev.gatehouse", importOptions = DoNotIncludeTests.class)
class LayeringTest {
  @ArchTest
  static final ArchRule contractSeesNothingElse =
      noClasses()
          .that()
          .resideInAPackage("dev.gatehouse.contract..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.gatehouse.gateway..",
              "dev.gatehouse.controlplane..",
              "dev.gatehouse.egress..",
              "dev.gatehouse.backends..",
              "dev.gatehouse.deploy..",
              "dev.gatehouse.sample..");

  /** What applications use of it is for applications: the gateway has no driver of databases. */
  @ArchTest
  static final ArchRule contractNeedsNoVertxAndNoDriverExceptForDatabases =
      noClasses()
          .that()
          .resideInAPackage("dev.gatehouse.contract..")
          .and()
          .resideOutsideOfPackage("dev.gatehouse.contract.database")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx..", "org.postgresql..");

  @ArchTest
  static final ArchRule egressSeesOnlyTheContract =
      noClasses()
          .that()
          .resideInAPackage("dev.gatehouse.egress..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.gatehouse.gateway..",
              "dev.gatehouse.controlplane..",
              "dev.gatehouse.backends..",
              "dev.gatehouse.deploy..",
              "dev.gatehouse.sample..");

  @ArchTest
  static final ArchRule gatewaySeesOnlyTheContract =
      noClasses()
          .that()
          .resideInAPackage("dev.gatehouse.gateway..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.gatehouse.controlplane..",
              "dev.gatehouse.backends..",
              "dev.gatehouse.deploy..",
              "dev.gatehouse.sample..",
              "io.vertx.pgclient..",
              "org.postgresql..");

  @ArchTest
  static final ArchRule controlPlaneSeesOnlyTheContract =
      noClasses()
          .that()
          .resideInAPackage("dev.gatehouse.controlplane..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.gatehouse.gateway..",
              "dev.gatehouse.backends..",
              "dev.gatehouse.deploy..",
              "dev.gatehouse.sample..");

  @ArchTest
  static final ArchRule applicationsSeeOnlyTheContract =
      noClasses()
          .that()
          .resideInAPackage("dev.gatehouse.sample..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.gatehouse.gateway..", "dev.gatehouse.controlplane..", "dev.gatehouse.deploy..");

  @ArchTest
  static final ArchRule backendsSeeNothingElse =
      classes()
          .that()
          .resideInAPackage("dev.gatehouse.backends..")
          .should()
          .onlyDependOnClassesThat()
          .resideOutsideOfPackages(
              "dev.gatehouse.contract..",
              "dev.gatehouse.gateway..",
              "dev.gatehouse.controlplane..",
              "dev.gatehouse.deploy..",
              "dev.gatehouse.sample..");

  @ArchTest
  static final ArchRule featuresUseEachOthersServicesNeverTheirStores =
      slices()
          .matching("dev.gatehouse.controlplane.(*)..")
          .should()
          .notDependOnEachOther()
          .ignoreDependency(
              DescribedPredicate.alwaysTrue(),
              DescribedPredicate.describe(
                  "is no store", type -> !type.getSimpleName().endsWith("Store")));
}
