/**
 * JMH benchmarks of single stages at 1,000, 10,000 and 1,000,000 tenants. Each operation meets
 * another tenant: in a rotating working set of 10,000, or any of all.
 */
@NullMarked
package dev.gatehouse.loadtests.bench;

import org.jspecify.annotations.NullMarked;
