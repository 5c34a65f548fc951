/** {@code loadtests/exfiltration}: how soon exfiltration is found, and how often nothing is. */
@NullMarked
package dev.gatehouse.loadtests.exfiltration;

import org.jspecify.annotations.NullMarked;
