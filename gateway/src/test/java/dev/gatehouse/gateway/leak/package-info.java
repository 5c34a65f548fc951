/** Fails a test class in which a Netty buffer was lost. */
@org.jspecify.annotations.NullMarked
package dev.gatehouse.gateway.leak;
