/**
 * What tenants did: taken from the gateways, each report once; added up by the minute, the hour and
 * the day; compared with monthly quotas; and given to whoever asks.
 */
@NullMarked
package dev.gatehouse.controlplane.usage;

import org.jspecify.annotations.NullMarked;
