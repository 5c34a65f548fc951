/** What the audit trail adds to a write. */
@NullMarked
package dev.gatehouse.loadtests.audit;

import org.jspecify.annotations.NullMarked;
