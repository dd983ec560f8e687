//! The chart as a picture, drawn from its SVG with a font that comes with the program: the bench's computer may have none.

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::Database;
use resvg::usvg::{Options, Tree};
use std::sync::{Arc, OnceLock};

/// Pixels of the picture for each of the drawing: sharp on paper and on dense screens.
const SCALE: f32 = 2.0;

/// Why an SVG did not become a picture.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// It is no SVG that can be read.
    #[error("the drawing could not be read: {0}")]
    Svg(#[from] resvg::usvg::Error),
    /// It has no size, or a very large one.
    #[error("a drawing of {0} x {1} pixels cannot be a picture")]
    Size(u32, u32),
    /// The picture could not be packed.
    #[error("the picture could not be packed: {0}")]
    Pack(String),
}

/// Draws an SVG as PNG, twice its size.
///
/// # Errors
/// [`PictureError`] for what is no SVG, or one without a usable size.
pub fn png(svg: &[u8]) -> Result<Vec<u8>, PictureError> {
    let tree = Tree::from_data(svg, &options())?;
    let size = tree.size().to_int_size();
    let (width, height) = ((size.width() as f32 * SCALE) as u32, (size.height() as f32 * SCALE) as u32);
    let mut picture = Pixmap::new(width, height).ok_or(PictureError::Size(width, height))?;
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut picture.as_mut());
    picture.encode_png().map_err(|error| PictureError::Pack(error.to_string()))
}

/// How a drawing is read: with the one font, which is loaded once for all pictures.
pub(super) fn options() -> Options<'static> {
    static FONTS: OnceLock<Arc<Database>> = OnceLock::new();
    let fonts = FONTS.get_or_init(|| {
        let mut fonts = Database::new();
        fonts.load_font_data(dejavu::sans::regular().to_vec());
        fonts.set_sans_serif_family("DejaVu Sans");
        Arc::new(fonts)
    });
    Options { font_family: "DejaVu Sans".to_owned(), fontdb: fonts.clone(), ..Options::default() }
}
