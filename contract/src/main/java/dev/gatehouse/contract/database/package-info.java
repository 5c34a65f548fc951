/** What lets an application into a tenant's rows: tokens that PostgreSQL verifies by itself. */
@NullMarked
package dev.gatehouse.contract.database;

import org.jspecify.annotations.NullMarked;
