@NullMarked
package dev.gatehouse.contract.security;

import org.jspecify.annotations.NullMarked;
