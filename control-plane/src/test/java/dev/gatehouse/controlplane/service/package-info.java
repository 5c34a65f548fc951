@NullMarked
package dev.gatehouse.controlplane.service;

import org.jspecify.annotations.NullMarked;
