/**
 * What keeps tenants apart in PostgreSQL, whatever the application does: the schema {@code
 * tenancy}.
 */
@NullMarked
package dev.gatehouse.tenancy;

import org.jspecify.annotations.NullMarked;
