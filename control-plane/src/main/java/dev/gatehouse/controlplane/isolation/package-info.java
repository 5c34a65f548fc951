/**
 * Where the data of tenants are: PostgreSQL databases that can hold them (partitions), which of
 * them holds whom and how (placements), and who decides it (the placement policy).
 */
@NullMarked
package dev.gatehouse.controlplane.isolation;

import org.jspecify.annotations.NullMarked;
