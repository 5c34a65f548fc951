/**
 * What lets an application into a tenant's rows: tokens that PostgreSQL verifies by itself, and for
 * applications on the JVM the way from a verified context to a connection.
 *
 * <p>In: a {@link dev.gatehouse.contract.context.SignedContext}, and a {@link
 * dev.gatehouse.contract.database.ConnectionSource} that says where this tenant's data are. Out: a
 * transaction that has entered the tenant, of the Vert.x client ({@link
 * dev.gatehouse.contract.database.TenantDatabase}) or of JDBC ({@link
 * dev.gatehouse.contract.database.TenantDataSource}), on a connection of a bounded pool. What may
 * fail is a {@link dev.gatehouse.contract.database.TenantDatabaseException}. Both drivers are
 * optional: bring the one that you use.
 */
@NullMarked
package dev.gatehouse.contract.database;

import org.jspecify.annotations.NullMarked;
