/**
 * How fast Gatehouse is, and how that compares: programs that start real processes, put the same
 * work on each and print what it took.
 *
 * <p>{@code compare} measures the whole way of a request side by side with other proxies, {@code
 * latency} what each of them adds at half load, {@code neighbours} what a tenant that sends too
 * much does to another, {@code exfiltration} how soon a gateway notices a caller who fetches more
 * than usual, {@code start} how soon a gateway is ready and how much it holds in memory, {@code
 * provision} how soon a new tenant is served, and {@code bench} single stages with JMH. Nothing
 * else depends on this module.
 */
@NullMarked
package dev.gatehouse.loadtests;

import org.jspecify.annotations.NullMarked;
