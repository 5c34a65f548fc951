package dev.gatehouse.contract.edge;

import dev.gatehouse.contract.database.IsolationStrategy;

/**
 * Where the data of a tenant are.
 *
 * @param partition name of the PostgreSQL server or database
 * @param strategy how they are kept apart from other tenants' there
 */
public record EdgePlacement(String partition, IsolationStrategy strategy) {}
