@NullMarked
package dev.gatehouse.controlplane.feed;

import org.jspecify.annotations.NullMarked;
