/**
 * Imports of many tenants: the body is read as it comes into the database, and then a job creates
 * the tenants, a batch of lines in each transaction, which also notes how far it is. So a crash
 * loses and doubles nothing, whenever it happens.
 */
@NullMarked
package dev.gatehouse.controlplane.imports;

import org.jspecify.annotations.NullMarked;
