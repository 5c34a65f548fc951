@NullMarked
package dev.gatehouse.controlplane.database;

import org.jspecify.annotations.NullMarked;
