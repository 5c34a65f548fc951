package dev.gatehouse.contract.database;

/**
 * How pools are used at a moment, for metrics.
 *
 * @param pools that have a connection
 * @param connections that are open, or being opened
 * @param inUse how many of them somebody has
 * @param waiting how many wait for one
 */
public record PoolUsage(int pools, int connections, int inUse, int waiting) {}
