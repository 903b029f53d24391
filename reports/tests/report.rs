//! The page as a reader, a browser and an attacker see it.

mod made_up;

#[path = "page/document.rs"]
mod document;
#[path = "page/example.rs"]
mod example;
#[path = "page/first_screen.rs"]
mod first_screen;
#[path = "page/hostile.rs"]
mod hostile;
#[path = "page/incomplete.rs"]
mod incomplete;
#[path = "page/plots.rs"]
mod plots;
#[path = "page/size.rs"]
mod size;
