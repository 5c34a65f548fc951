/**
 * PostgreSQL: its migrations, connections and transactions, and what its refusals mean to a caller.
 */
@NullMarked
package dev.gatehouse.controlplane.database;

import org.jspecify.annotations.NullMarked;
