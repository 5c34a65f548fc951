package dev.gatehouse.contract.wycheproof;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Skips a test class where there are no vectors. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIfEnvironmentVariable(
    named = WycheproofVector.FOLDER,
    matches = ".+",
    disabledReason = "the vectors of Project Wycheproof are not here: see \"Test it\" in README.md")
public @interface NeedsWycheproof {}
