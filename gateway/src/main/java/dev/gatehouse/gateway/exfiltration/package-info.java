/**
 * Notices when more leaves in responses than usual. In: the bytes and records of responses, as they
 * pass, which costs an event loop two additions. Out: events for the audit trail, metrics, and
 * refusals where a tenant wants what is too much to be cut off. What may fail: nothing here waits
 * for anything; callers that there is no room for share one count.
 */
@NullMarked
package dev.gatehouse.gateway.exfiltration;

import org.jspecify.annotations.NullMarked;
