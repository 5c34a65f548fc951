@NullMarked
package dev.gatehouse.deploy.config;

import org.jspecify.annotations.NullMarked;
