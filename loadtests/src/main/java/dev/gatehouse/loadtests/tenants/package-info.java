/** Invented tenants, the feed that tells a gateway of them, and the requests that they send. */
@NullMarked
package dev.gatehouse.loadtests.tenants;

import org.jspecify.annotations.NullMarked;
