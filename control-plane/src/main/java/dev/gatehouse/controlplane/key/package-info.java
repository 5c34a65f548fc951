/**
 * The keys that sign the tenant's context: made, published, rotated and destroyed here.
 *
 * <p>A key is published before it signs and for a while after it has signed, so that no verifier
 * meets a signature whose key it cannot know. Times decide by themselves which key signs; the
 * gateways know them from the feed. The private halves are sealed wherever they are stored.
 */
@NullMarked
package dev.gatehouse.controlplane.key;

import org.jspecify.annotations.NullMarked;
