/** What it takes to bring an application's tables to many tenants, beside doing it one by one. */
@NullMarked
package dev.gatehouse.loadtests.rollouts;

import org.jspecify.annotations.NullMarked;
