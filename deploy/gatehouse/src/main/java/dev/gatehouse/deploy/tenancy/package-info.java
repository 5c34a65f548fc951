/**
 * {@code gatehouse tenancy}: the schema that keeps tenants apart in a database of an application.
 */
@NullMarked
package dev.gatehouse.deploy.tenancy;

import org.jspecify.annotations.NullMarked;
