/** What all parts of Gatehouse agree on. */
@NullMarked
package dev.gatehouse.contract;

import org.jspecify.annotations.NullMarked;
