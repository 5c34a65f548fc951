/** Child processes on a chosen core, and what the kernel says of the CPU and memory they used. */
@NullMarked
package dev.gatehouse.loadtests.process;

import org.jspecify.annotations.NullMarked;
