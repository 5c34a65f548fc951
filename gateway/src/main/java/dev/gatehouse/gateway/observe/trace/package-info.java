/**
 * Traces: which trace a request belongs to, whether it is sampled, and the spans of those that are.
 * What is not sampled costs no more than its {@code traceparent}.
 */
@NullMarked
package dev.gatehouse.gateway.observe.trace;

import org.jspecify.annotations.NullMarked;
