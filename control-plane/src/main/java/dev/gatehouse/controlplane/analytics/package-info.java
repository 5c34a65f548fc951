/**
 * What the figures of usage say of the platform and of a tenant: error budgets against what was
 * promised, growth, retention, and when quotas will be used up. Reads what usage writes; keeps only
 * what is costly to find out, and tells the audit trail of budgets that burn.
 */
@NullMarked
package dev.gatehouse.controlplane.analytics;

import org.jspecify.annotations.NullMarked;
