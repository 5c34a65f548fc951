@NullMarked
package dev.gatehouse.controlplane.member;

import org.jspecify.annotations.NullMarked;
