package dev.gatehouse.gateway.bounds;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a bound that somebody can meet: a setting of the configuration, or a constant. Becomes a
 * row of docs/limits.md.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
public @interface Bound {
  /** What it bounds, where its name alone does not say so: the name of a constant never does. */
  String of() default "";

  /** Of what it is a number, unless it is a time. */
  String unit() default "";

  /** What happens to what is beyond it. */
  String atIt();

  /**
   * What shows that it was met, or how near it is: the name of a metric as {@code /metrics} has it,
   * with a label perhaps. Empty for nothing.
   */
  String metric() default "";
}
