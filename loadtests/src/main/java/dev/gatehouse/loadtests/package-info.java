@NullMarked
package dev.gatehouse.loadtests;

import org.jspecify.annotations.NullMarked;
