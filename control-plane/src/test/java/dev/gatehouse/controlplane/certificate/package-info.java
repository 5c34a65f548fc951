@NullMarked
package dev.gatehouse.controlplane.certificate;

import org.jspecify.annotations.NullMarked;
